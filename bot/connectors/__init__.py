"""What carries out a released operation. `port` says what a connector is, `dispatcher` hands operations over to them."""
