"""钥匙开关: a technician's key: in service, maintenance, supervisor."""
