package visit

// carried is the instances of testdata.
var carried = []string{
	"c38-o14-s1", "c38-o14-s2", "c38-o14-s3", "c38-o14-s4", "c38-o14-s5", "c38-o14-s6", "c38-o50-s1", "c38-o50-s2",
	"c38-o50-s3", "c38-o30p-s1", "c38-o30p-s2", "c38-o50d-s1", "c38-o50d-s2", "c200-o40-s1", "c2000-o300-s1",
}
