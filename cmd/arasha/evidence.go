package main

// evidenceCmd is "arasha evidence": keeping bytes and showing them unchanged.
type evidenceCmd struct {
	Timestamp timestampCmd `cmd:"" help:"Let authorities say when a checkpoint existed, or check what they said."`
	Ots       otsCmd       `cmd:"" help:"Date a file by the Bitcoin chain (OpenTimestamps)."`
}
