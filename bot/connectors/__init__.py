"""What carries out a released operation. `port` says what a connector is, `delivering` hands operations over to them."""
