package report

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/arasha-org/arasha/coordination"
)

// A network is accounts and edges as graph programs read them: the combined
// network, or that of the only trace, in the longest window.
type network struct {
	window string
	nodes  []node
	ties   []tie
}

type node struct {
	account uint32
	group   int // 0: none
	posts   int
	weight  int // sum of messages over its edges
}

type tie struct {
	a, b     uint32
	messages int
	pairs    int
	gapMin   time.Duration
	traces   string
}

func newNetwork(r *coordination.Result) network {
	var n network
	var groups []coordination.Group
	if len(r.Combined) > 0 {
		c := r.Combined[len(r.Combined)-1]
		n.window, groups = coordination.WindowName(c.Window), c.Groups
		for i := range c.Edges {
			e := &c.Edges[i]
			n.ties = append(n.ties, tie{e.A, e.B, int(e.Messages), int(e.Pairs), e.GapMin, strings.Join(traceNames(r.Traces(e)), " ")})
		}
	} else {
		// One family: its widest trace comes last in the views.
		for i := range r.Views {
			v := &r.Views[i]
			if v.Window != r.Options.Windows[len(r.Options.Windows)-1] {
				continue
			}
			n.window, groups, n.ties = coordination.WindowName(v.Window), v.Groups, n.ties[:0]
			for _, e := range v.Edges {
				n.ties = append(n.ties, tie{e.A, e.B, int(e.Messages), int(e.Pairs), e.GapMin, string(v.Trace)})
			}
		}
	}
	at := map[uint32]*node{}
	for _, e := range n.ties {
		for _, a := range []uint32{e.a, e.b} {
			if at[a] == nil {
				at[a] = &node{account: a, posts: r.PostsOf(a)}
			}
			at[a].weight += e.messages
		}
	}
	for _, g := range groups {
		for _, a := range g.Accounts {
			at[a].group = g.Number
		}
	}
	for _, v := range at {
		n.nodes = append(n.nodes, *v)
	}
	slices.SortFunc(n.nodes, func(a, b node) int { return cmp.Compare(a.account, b.account) })
	return n
}

// escape makes s safe in XML; characters XML 1.0 cannot hold become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}

// GraphML writes the network in the form of graphml.graphdrawing.org.
func GraphML(w io.Writer, r *coordination.Result) error {
	n := newNetwork(r)
	b := bufio.NewWriter(w)
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="label" for="node" attr.name="label" attr.type="string"/>
<key id="platform" for="node" attr.name="platform" attr.type="string"/>
<key id="posts" for="node" attr.name="posts" attr.type="int"/>
<key id="strength" for="node" attr.name="strength" attr.type="int"/>
<key id="group" for="node" attr.name="group" attr.type="int"/>
<key id="weight" for="edge" attr.name="weight" attr.type="double"/>
<key id="pairs" for="edge" attr.name="pairs" attr.type="int"/>
<key id="gap" for="edge" attr.name="gap_min_s" attr.type="double"/>
<key id="traces" for="edge" attr.name="traces" attr.type="string"/>
`)
	direction := "undirected"
	if r.Options.Directed {
		direction = "directed"
	}
	fmt.Fprintf(b, "<graph id=\"%s\" edgedefault=\"%s\">\n", escape("window-"+n.window), direction)
	for _, v := range n.nodes {
		a := r.Account(v.account)
		fmt.Fprintf(b, "<node id=\"n%d\"><data key=\"label\">%s</data><data key=\"platform\">%s</data><data key=\"posts\">%d</data><data key=\"strength\">%d</data><data key=\"group\">%d</data></node>\n",
			v.account, escape(label(a)), escape(a.Platform), v.posts, v.weight, v.group)
	}
	for _, e := range n.ties {
		fmt.Fprintf(b, "<edge source=\"n%d\" target=\"n%d\"><data key=\"weight\">%d</data><data key=\"pairs\">%d</data>", e.a, e.b, e.messages, e.pairs)
		if e.gapMin >= 0 {
			fmt.Fprintf(b, "<data key=\"gap\">%s</data>", appendSeconds(nil, e.gapMin))
		}
		fmt.Fprintf(b, "<data key=\"traces\">%s</data></edge>\n", escape(e.traces))
	}
	b.WriteString("</graph>\n</graphml>\n")
	return b.Flush()
}

// GEXF writes the network in the form of gexf.net, version 1.3.
func GEXF(w io.Writer, r *coordination.Result) error {
	n := newNetwork(r)
	b := bufio.NewWriter(w)
	direction := "undirected"
	if r.Options.Directed {
		direction = "directed"
	}
	fmt.Fprintf(b, `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" version="1.3">
<meta><creator>Arasha</creator><description>Accounts that published the same things within %s</description></meta>
<graph defaultedgetype="%s">
<attributes class="node"><attribute id="0" title="platform" type="string"/><attribute id="1" title="posts" type="integer"/><attribute id="2" title="group" type="integer"/></attributes>
<attributes class="edge"><attribute id="0" title="pairs" type="integer"/><attribute id="1" title="gap_min_s" type="double"/><attribute id="2" title="traces" type="string"/></attributes>
<nodes>
`, escape(n.window), direction)
	for _, v := range n.nodes {
		a := r.Account(v.account)
		fmt.Fprintf(b, "<node id=\"n%d\" label=\"%s\"><attvalues><attvalue for=\"0\" value=\"%s\"/><attvalue for=\"1\" value=\"%d\"/><attvalue for=\"2\" value=\"%d\"/></attvalues></node>\n",
			v.account, escape(label(a)), escape(a.Platform), v.posts, v.group)
	}
	b.WriteString("</nodes>\n<edges>\n")
	for i, e := range n.ties {
		fmt.Fprintf(b, "<edge id=\"%d\" source=\"n%d\" target=\"n%d\" weight=\"%d\"><attvalues><attvalue for=\"0\" value=\"%d\"/>", i, e.a, e.b, e.messages, e.pairs)
		if e.gapMin >= 0 {
			fmt.Fprintf(b, "<attvalue for=\"1\" value=\"%s\"/>", appendSeconds(nil, e.gapMin))
		}
		fmt.Fprintf(b, "<attvalue for=\"2\" value=\"%s\"/></attvalues></edge>\n", escape(e.traces))
	}
	b.WriteString("</edges>\n</graph>\n</gexf>\n")
	return b.Flush()
}

func label(a coordination.AccountInfo) string {
	if a.Name != "" {
		return a.Name
	}
	return a.ID
}
