"""A sample district: real community schools, invented partners and people. Built only through the acts, called with an earlier `now`."""
