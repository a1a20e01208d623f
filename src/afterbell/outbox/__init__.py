"""Events announced in the transaction of their change, and the relay that hands them to listeners."""
