package address

import "strings"

// searchPages are paths of pages of results, and the parameters that hold the
// words. Sources: the address bars of these services.
var searchPages = []struct{ path, words string }{
	{"/search", "q query text s p keyword words"}, {"/search.php", "q query s"}, {"/websearch", "q query"}, {"/s", "wd word"},
	{"/images/search", "text q"}, {"/video/search", "text q"}, {"/imgres", "q"}, {"/imghp", ""}, {"/yandsearch", "text"},
	{"/do/search", "query q"}, {"/sp/search", "query"}, {"/html", "q"}, {"/lite", "q"}, {"", "q"}, {"/news/search", "q text"},
}

// readSearch recognises pages of results: on the hosts of search engines by
// their path, on any other site by its path and words together.
func readSearch(u *parts, a *Address) {
	engine := isGoogle(u.host)
	if !engine {
		_, _, engine = lookup(u.host)
	}
	for _, p := range searchPages {
		if u.path != p.path || p.path == "" && !engine {
			continue
		}
		for w := range strings.FieldsSeq(p.words) {
			if get(u.query, w) == "" {
				continue
			}
			a.Kind = Search
			if engine { // nothing but the words chooses the page
				u.keep(w, "tbm", "udm")
			}
			return
		}
	}
}

// readArchive: web.archive.org/web/TIME[id_]/ADDRESS, archive.today/TIME/ADDRESS.
// The copy keeps its own address; CopyOf names what it is a copy of.
func readArchive(u *parts, a *Address) {
	i := strings.Index(u.path, "/http")
	if i < 0 {
		return
	}
	inner := u.path[i+1:]
	if u.query != "" {
		inner += "?" + u.query
	}
	var of Address
	if of.read(inner, maxWraps) {
		a.CopyOf = of.Canonical
		b := *u
		b.query = ""
		a.Canonical = b.canonical()
		if q := cleanArchived(u.query); q != "" {
			a.Canonical += "?" + q
		}
	}
}

// cleanArchived leaves the query of an archived address as it is but for its
// spelling: an archive finds a copy by the whole address.
func cleanArchived(q string) string { return normalise(q, true) }
