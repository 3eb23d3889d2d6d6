"""Files of banks: account statements of any format as the same plain values."""
