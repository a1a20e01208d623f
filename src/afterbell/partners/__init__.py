"""Partner organizations: clinics, classes and civic groups that ask for rooms."""
