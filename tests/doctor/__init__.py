"""The doctor, against every fault that it knows."""
