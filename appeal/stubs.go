package appeal

func readPDF(data []byte) (*source, *Appeal, error)      { return nil, nil, nil }
func readZip(data []byte) (*source, *Appeal, error)      { return nil, nil, nil }
func readMarkdown(data []byte) (*source, *Appeal, error) { return nil, nil, nil }
