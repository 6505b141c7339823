package main

type demoCmd struct{}
type collectCmd struct{}

func (demoCmd) Run() error    { return nil }
func (collectCmd) Run() error { return nil }
