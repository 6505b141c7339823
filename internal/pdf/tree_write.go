package pdf

import (
	"fmt"
	"slices"
	"strings"
)

// grow copies the static part of the tree: blocks in the order of the text.
func (w *writer) grow(e *elem) {
	for _, k := range e.kids {
		w.kids[e] = append(w.kids[e], k)
		w.grow(k.el)
	}
}

func (w *writer) writeAnnots() {
	at := func(places func(*page) map[int][2]float64, n int) string {
		for i, p := range w.laid.pages {
			if xy, ok := places(p)[n]; ok {
				return fmt.Sprintf("/Dest[%d 0 R/XYZ %s %s null]", w.pageNo[i], num(max(xy[0]-20, 0)), num(w.doc.Height-xy[1]+8))
			}
		}
		return ""
	}
	for i := range w.annots {
		a := &w.annots[i]
		var to, says string
		switch {
		case a.note > 0:
			to = at(func(p *page) map[int][2]float64 { return p.notes }, a.note)
			if a.note <= len(w.doc.Notes) {
				says = plainText(&w.doc.Notes[a.note-1].Label)
			}
		case a.back > 0:
			to = at(func(p *page) map[int][2]float64 { return p.marks }, a.back)
			says = plainText(&w.doc.Notes[a.back-1].Label)
		default:
			to = "/A<</S/URI/URI" + uri(a.url) + ">>"
			says = strings.TrimPrefix(a.url, "mailto:")
		}
		w.set(a.no, "<</Type/Annot/Subtype/Link/F 4/Border[0 0 0]/Rect[%s %s %s %s]/Contents%s/StructParent %d%s>>",
			num(a.x), num(w.doc.Height-a.y-a.h), num(a.x+a.w), num(w.doc.Height-a.y), text(xmlClean(says)), len(w.laid.pages)+i, to)
	}
}

// writeTree writes the structure tree and returns its root.
func (w *writer) writeTree() int {
	root := w.reserve()
	no := map[*elem]int{}
	var number func(e *elem)
	number = func(e *elem) {
		if len(w.kids[e]) == 0 && e.role != "TD" && e.role != "TH" && e.parent != nil {
			return // nothing of it stands on a page
		}
		no[e] = w.reserve()
		for _, k := range w.kids[e] {
			if k.el != nil {
				number(k.el)
			}
		}
	}
	number(w.laid.root)
	type named struct {
		id string
		no int
	}
	var ids []named
	var write func(e *elem, parent int)
	write = func(e *elem, parent int) {
		n := no[e]
		if n == 0 {
			return
		}
		var b strings.Builder
		pg := -1
		for _, k := range w.kids[e] {
			switch {
			case k.el != nil:
				if m := no[k.el]; m != 0 {
					fmt.Fprintf(&b, "%d 0 R ", m)
					write(k.el, n)
				}
			case k.objr > 0:
				fmt.Fprintf(&b, "<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>", w.pageNo[k.page], w.annots[k.objr-1].no)
			case pg < 0 || pg == k.page:
				pg = k.page
				fmt.Fprintf(&b, "%d ", k.mcid)
			default:
				fmt.Fprintf(&b, "<</Type/MCR/Pg %d 0 R/MCID %d>>", w.pageNo[k.page], k.mcid)
			}
		}
		extra := ""
		if pg >= 0 {
			extra += fmt.Sprintf("/Pg %d 0 R", w.pageNo[pg])
		}
		if e.lang != "" {
			extra += "/Lang" + text(e.lang)
		}
		if e.alt != "" {
			extra += "/Alt" + text(xmlClean(e.alt))
		}
		if e.id != "" {
			extra += "/ID" + text(e.id)
			ids = append(ids, named{e.id, n})
		}
		if e.parent == nil {
			extra += w.associated
		}
		attr := e.attr
		if e.box[2] > 0 {
			attr = fmt.Sprintf("<</O/Layout/Placement/Block/BBox[%s %s %s %s]>>", num(e.box[0]), num(w.doc.Height-e.box[1]-e.box[3]),
				num(e.box[0]+e.box[2]), num(w.doc.Height-e.box[1]))
		}
		if attr != "" {
			extra += "/A" + attr
		}
		w.set(n, "<</Type/StructElem/S/%s/P %d 0 R/K[%s]%s>>", e.role, parent, strings.TrimSpace(b.String()), extra)
	}
	write(w.laid.root, root)

	var nums strings.Builder
	for i, els := range w.parents {
		fmt.Fprintf(&nums, "%d[", i)
		for _, e := range els {
			fmt.Fprintf(&nums, "%d 0 R ", no[e])
		}
		nums.WriteString("]")
	}
	for i, a := range w.annots {
		fmt.Fprintf(&nums, " %d %d 0 R", len(w.parents)+i, no[a.el])
	}
	parentTree := w.put("<</Nums[%s]>>", nums.String())
	idTree := ""
	if len(ids) > 0 {
		slices.SortFunc(ids, func(a, b named) int { return strings.Compare(a.id, b.id) })
		var b strings.Builder
		for _, n := range ids {
			fmt.Fprintf(&b, "%s %d 0 R ", text(n.id), n.no)
		}
		idTree = fmt.Sprintf("/IDTree<</Names[%s]>>", b.String())
	}
	w.set(root, "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d%s>>", no[w.laid.root], parentTree,
		len(w.parents)+len(w.annots), idTree)
	return root
}
