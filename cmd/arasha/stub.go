package main

type demoCmd struct{}
type collectCmd struct{}
type detectCmd struct{}

func (demoCmd) Run() error    { return nil }
func (collectCmd) Run() error { return nil }
func (detectCmd) Run() error  { return nil }
