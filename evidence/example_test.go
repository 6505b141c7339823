package evidence_test

import (
	"fmt"

	"github.com/arasha-org/arasha/evidence"
)

// The identity of bytes is their SHA-256: sha256sum prints the same.
func ExampleOf() {
	fmt.Println(evidence.Of([]byte("the page as it was\n")))
	// Output:
	// 2299e93877eee8da7fabf12810768d8856890bcefc39cf0ccf713b38219a9751
}

// A leaf of the public log fixes a record without showing it. Destroying the
// salt is the lawful deletion: the leaf stays and says nothing any more.
func ExampleCommit() {
	var salt evidence.Salt // evidence.NewSalt() in earnest
	c := evidence.Commit(salt, []byte("who was there"))
	leaf := evidence.Leaf{Kind: evidence.KindItem, Commitment: c}
	fmt.Printf("%.40s…\n", leaf.Bytes())
	fmt.Println(c == evidence.Commit(salt, []byte("who was there")), c == evidence.Commit(salt, []byte("who was not")))
	// Output:
	// arasha-leaf/1 item 2ad0e7017ada6b4016ba2…
	// true false
}
