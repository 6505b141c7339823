package coordination

// MinReference is the least number of comparable messages a wave is compared
// with; with fewer there is "no reference".
const MinReference = 100
