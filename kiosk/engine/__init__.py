"""The only authority: owns devices, network, keys and data, and runs with no display."""
