package report

import (
	"fmt"
)

// An accountTie is a tie between two accounts of the result.
type accountTie struct {
	a, b   uint32
	weight int
}

// network prepares the picture of the groups and their ties.
func (b *builder) network() {
	if len(b.a.Groups) == 0 {
		return
	}
	of, at := map[uint32]int{}, map[uint32]int{}
	shownIn, left := b.drawn(), 0
	pic := &Picture{Seed: b.Seed}
	n := &Network{Picture: pic, Tested: b.a.Groups[0].Test != nil}
	nodes := 0
	for i := range b.a.Groups {
		g := &b.a.Groups[i]
		fresh := 0
		for _, m := range g.members {
			if _, taken := of[m]; taken {
				continue // of an earlier group too
			}
			if of[m] = i; !shownIn[i] {
				left++
				continue
			}
			at[m] = nodes
			nodes++
			fresh++
		}
		kept := g.SetApart == "" && (g.Test == nil || g.Test.Reason == "")
		says := Count(int64(g.Accounts), "account")
		switch {
		case g.SetApart != "":
			says += ", set apart"
		case !kept:
			says += ", not set apart from chance"
		}
		if fresh > 0 {
			pic.Groups = append(pic.Groups, PictureGroup{Name: g.Name, Says: says, Kept: kept, Size: fresh})
		}
		n.Rows = append(n.Rows, NetworkRow{Name: g.Name, Accounts: g.Accounts, SetApart: g.SetApart})
	}
	between := map[[2]int]int{}
	for _, e := range b.tie {
		i, ok := of[e.a]
		j, ok2 := of[e.b]
		if !ok || !ok2 {
			continue
		}
		if shownIn[i] && shownIn[j] {
			pic.Ties = append(pic.Ties, PictureTie{at[e.a], at[e.b], e.weight})
		}
		if i == j {
			n.Rows[i].Inside++
		} else {
			between[[2]int{min(i, j), max(i, j)}]++
		}
	}
	for i := range b.a.Groups {
		for j := i + 1; j < len(b.a.Groups); j++ {
			if k := between[[2]int{i, j}]; k > 0 {
				n.Between = append(n.Between, NetworkTie{b.a.Groups[i].Name, b.a.Groups[j].Name, k})
			}
		}
	}
	n.Left = max(0, b.a.Collected.Accounts-nodes)
	switch {
	case !pic.drawable():
		n.Why = "The groups are too many or too dense to read as a picture; the table has them."
		n.Picture = nil
	case left > 0:
		n.Why = fmt.Sprintf("Groups that are too many or too dense for the picture are in the table only: %s.", Count(int64(left), "account"))
	}
	n.Drawn = n.Picture != nil
	n.Says = Count(int64(len(pic.Groups)), "group")
	for i, g := range pic.Groups {
		if i == 6 {
			n.Says += "; and others"
			break
		}
		n.Says += "; " + g.Name + ", " + g.Says
	}
	b.a.Network = n
}

// drawn says which groups the picture has room for, in their order.
func (b *builder) drawn() []bool {
	of := map[uint32]int{}
	ties := make([]int, len(b.a.Groups))
	for i := range b.a.Groups {
		for _, m := range b.a.Groups[i].members {
			if _, taken := of[m]; !taken {
				of[m] = i
			}
		}
	}
	for _, e := range b.tie {
		if i, ok := of[e.a]; ok && of[e.b] == i {
			ties[i]++
		}
	}
	out := make([]bool, len(b.a.Groups))
	hulls, nodes, all := 0, 0, 0
	for i := range b.a.Groups {
		n := len(b.a.Groups[i].members)
		if hulls == maxHulls || nodes+n > maxNodes || all+ties[i] > maxTies*4/5 { // the rest is for ties between groups
			continue
		}
		out[i] = true
		hulls, nodes, all = hulls+1, nodes+n, all+ties[i]
	}
	return out
}
