"""The pytest plugin of the driver."""
