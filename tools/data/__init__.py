"""The parts of tools/build_data.py, one idea each."""
