"""The functions that answer the API's routes, by what they are about; each file ends in its part of the table."""
