"""What do clients do in a simulated journey? One file for each thing they are after."""
