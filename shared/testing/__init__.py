"""What every test uses: a harness that runs services on real servers, callers with tokens, facts to send."""
