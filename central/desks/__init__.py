"""What headquarters decides, one desk per kind of business: plain functions over one transaction, no HTTP."""
