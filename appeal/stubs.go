package appeal

func readMarkdown(data []byte) (*source, *Appeal, error) { return nil, nil, nil }
