"""The officer at the counter, on whole terminals in virtual time: what is said, recorded and waited for."""
