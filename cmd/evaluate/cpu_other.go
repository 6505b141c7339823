//go:build !unix

package main

import "time"

var start = time.Now()

// cpuTime returns the time since the program began: there is nothing better
// here.
func cpuTime() time.Duration { return time.Since(start) }
