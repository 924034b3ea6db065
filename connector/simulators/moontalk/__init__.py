"""A Moontalk to develop against. No public interface is known: this is a usual one."""
