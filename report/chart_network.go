package report

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Picture is what a network picture draws: groups with their members and
// the tested ties between them.
type Picture struct {
	Groups []PictureGroup
	Ties   []PictureTie
	Seed   uint64
}

// A PictureGroup is a group of a picture. Kept groups are solid; the others
// are outlined and say by which rule they were set apart.
type PictureGroup struct {
	Name string // "Group A"
	Says string // "19 accounts"
	Kept bool
	Size int // members; they are numbered through all groups in order
}

// A PictureTie joins members a and b.
type PictureTie struct {
	A, B   int
	Weight int // shared objects
}

// Bounds of a picture; above them a table of groups says more.
const (
	maxHulls = 6
	maxNodes = 300
	maxTies  = 900
)

// drawable reports whether p can be read as a picture.
func (p *Picture) drawable() bool {
	nodes := 0
	for _, g := range p.Groups {
		nodes += g.Size
	}
	return nodes > 0 && len(p.Groups) <= maxHulls && nodes <= maxNodes && len(p.Ties) <= maxTies
}

type point struct{ x, y float64 }

// drawNetwork draws p: groups side by side in rows, members of a group as a
// sunflower, hulls around them, names above. Shape is the group; size is the
// number of shared objects.
func drawNetwork(p *Picture, width int, says, class string) string {
	rng := rand.New(rand.NewPCG(p.Seed, 0x6E6574))
	centres, radii, height := placeGroups(p, width)
	var at []point
	var of []int
	for g, pg := range p.Groups {
		turn := rng.Float64() * 2 * math.Pi
		for i := range pg.Size {
			a, q := turn+float64(i)*2.39996, radii[g]*math.Sqrt((float64(i)+.35)/float64(pg.Size))
			jitter := min(5, radii[g]*.05)
			at = append(at, point{centres[g].x + q*math.Cos(a) + (2*rng.Float64()-1)*jitter, centres[g].y + .92*q*math.Sin(a) + (2*rng.Float64()-1)*jitter})
			of = append(of, g)
		}
	}
	weight := make([]int, len(at))
	for _, t := range p.Ties {
		weight[t.A] += t.Weight
		weight[t.B] += t.Weight
	}
	d := &drawing{width: width, height: height}
	for g, pg := range p.Groups {
		var mine []point
		for i, q := range at {
			if of[i] == g {
				mine = append(mine, q)
			}
		}
		c := "hull"
		if !pg.Kept {
			c = "hull other"
		}
		d.path(hullPath(mine, 17), c)
	}
	for _, t := range p.Ties {
		a, b := at[t.A], at[t.B]
		more := []string{"stroke-width", coord(min(.5+.32*float64(t.Weight), 5))}
		if of[t.A] != of[t.B] {
			more = append(more, "stroke-dasharray", "4 3")
		}
		d.path("M"+coord(a.x)+" "+coord(a.y)+"L"+coord(b.x)+" "+coord(b.y), "edge", more...)
	}
	crowd := 1.0 // many members in one hull are drawn smaller
	if len(at) > 80 {
		crowd = .75
	}
	for i, q := range at {
		s := crowd * (4 + min(5, .75*math.Sqrt(float64(weight[i]))))
		c := "node"
		if !p.Groups[of[i]].Kept {
			c = "node other"
		}
		d.shape(q, s, of[i], c)
	}
	for g, pg := range p.Groups {
		c := "t-harm"
		if !pg.Kept {
			c = "t-strong"
		}
		y := centres[g].y - .92*radii[g] - 44
		d.text(centres[g].x, y, pg.Name, c, "middle")
		d.text(centres[g].x, y+15, pg.Says, "", "middle")
	}
	return d.svg(says, class)
}

// shape draws a member: disc, triangle, square, diamond, then the letter of
// its group.
func (d *drawing) shape(q point, s float64, group int, class string) {
	switch group {
	case 0:
		d.circle(q.x, q.y, s, class)
	case 1:
		d.path("M"+coord(q.x)+" "+coord(q.y-1.2*s)+"l"+coord(1.15*s)+" "+coord(2*s)+"h"+coord(-2.3*s)+"Z", class)
	case 2:
		d.rect(q.x-.9*s, q.y-.9*s, 1.8*s, 1.8*s, class)
	case 3:
		d.path("M"+coord(q.x)+" "+coord(q.y-1.25*s)+"l"+coord(1.25*s)+" "+coord(1.25*s)+"l"+coord(-1.25*s)+" "+coord(1.25*s)+"l"+coord(-1.25*s)+" "+coord(-1.25*s)+"Z", class)
	default:
		c := "t-harm"
		if strings.Contains(class, "other") {
			c = "t-strong"
		}
		d.text(q.x, q.y+4, string(rune('A'+group)), c, "middle")
	}
}

// placeGroups puts the groups on shelves, in their order.
func placeGroups(p *Picture, width int) (centres []point, radii []float64, height int) {
	unit := 25.0
	if width <= 500 {
		unit = 21
	}
	type cell struct{ w, r float64 }
	var cells []cell
	for _, g := range p.Groups {
		r := min(unit*math.Sqrt(float64(g.Size)), float64(width)/2-32)
		if g.Size == 1 {
			r = 4
		}
		cells = append(cells, cell{max(2*r+56, textWidth(g.Says)+12, textWidth(g.Name)+12), r})
	}
	centres, radii = make([]point, len(cells)), make([]float64, len(cells))
	y := 0.0
	for i := 0; i < len(cells); {
		n, w, tall := i, 0.0, 0.0
		for ; n < len(cells) && (n == i || w+cells[n].w <= float64(width)); n++ {
			w += cells[n].w
			tall = max(tall, cells[n].r)
		}
		space := max(0, float64(width)-w) / float64(n-i)
		x := 0.0
		for ; i < n; i++ {
			radii[i] = cells[i].r
			centres[i] = point{x + (cells[i].w+space)/2, y + 56 + .92*tall}
			x += cells[i].w + space
		}
		y += 1.84*tall + 92
	}
	return centres, radii, int(math.Ceil(y))
}

// hullPath returns the convex hull of the points, pad away from each
// (Andrew's monotone chain, doi 10.1016/0020-0190(79)90072-3).
func hullPath(points []point, pad float64) string {
	var ps []point
	for _, p := range points {
		for i := range 14 {
			a := 2 * math.Pi * float64(i) / 14
			ps = append(ps, point{p.x + pad*math.Cos(a), p.y + pad*math.Sin(a)})
		}
	}
	slices.SortFunc(ps, func(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	half := func(ps []point) []point {
		var h []point
		for _, p := range ps {
			for len(h) > 1 {
				a, b := h[len(h)-2], h[len(h)-1]
				if (b.x-a.x)*(p.y-a.y)-(b.y-a.y)*(p.x-a.x) > 0 {
					break
				}
				h = h[:len(h)-1]
			}
			h = append(h, p)
		}
		return h[:max(len(h)-1, 0)]
	}
	c := half(ps)
	slices.Reverse(ps)
	c = append(c, half(ps)...)
	var b strings.Builder
	for i, p := range c {
		b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + coord(p.x) + " " + coord(p.y))
	}
	return b.String() + "Z"
}
