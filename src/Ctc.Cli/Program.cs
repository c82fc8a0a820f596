using System.CommandLine;

return new RootCommand("CTC variants: train, compare, read.").Parse(args).Invoke();
