"""What is generated from the code and committed: schemas, AsyncAPI, catalogue, state diagrams, problem pages."""
