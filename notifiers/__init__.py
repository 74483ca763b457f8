"""The only way out to people: robots of 企业微信, 钉钉 and 飞书, mail, and interfaces of theirs."""
