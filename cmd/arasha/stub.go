package main

type demoCmd struct{}
type detectCmd struct{}

func (demoCmd) Run() error   { return nil }
func (detectCmd) Run() error { return nil }
