"""Netvisor: customers, products, sales invoices, payments; signed XML messages over HTTPS."""
