// CTC in one file: logits → lattice → loss → gradient → alignment, with the library only. dotnet run -c Release --project samples/CtcInOneFile
using System.Diagnostics;
using System.Globalization;
using Ctc;
using Ctc.Engine.Objectives;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using static TorchSharp.torch.nn.functional;

double tolerance = args is [string given] ? double.Parse(given, CultureInfo.InvariantCulture) : 1e-9;
using DisposeScope scope = torch.NewDisposeScope();
var random = new torch.Generator(1);

// 1. Logits: what a network computes for T frames, B utterances and V tokens. Token 0 is the blank. In double precision, in which two
// implementations of the same formula agree to many digits.
const int T = 128, B = 256, V = 32, U = 60;
Tensor logits = torch.randn([T, B, V], torch.float64, generator: random).requires_grad_();
long[][] targets = [.. Enumerable.Range(0, B).Select(b => Enumerable.Range(0, U).Select(u => 1L + (((b + 1) * (u + 1)) % (V - 1))).ToArray())];
long[] frames = [.. Enumerable.Repeat((long)T, B)];
var batch = new Batch(targets, frames, V);

// 2. The lattice: all ways to spread a target over frames. State s reads a token; arcs lead from frame to frame.
Lattice lattice = new CtcTopology().Build(batch).Numerator;

// 3. The loss: −ln of the summed probability of all paths through the lattice. 4. Its gradient, by autograd.
(Tensor Loss, Tensor Gradient, string Time) Measure(Func<Tensor, Tensor> loss)
{
    logits.grad = null;
    var watch = Stopwatch.StartNew();
    Tensor value = loss(logits.log_softmax(2));
    TimeSpan forward = watch.Elapsed;
    value.sum().backward();
    TimeSpan backward = watch.Elapsed - forward;
    string time = FormattableString.Invariant($"forward {forward.TotalMilliseconds:f1} ms, backward {backward.TotalMilliseconds:f1} ms");
    return (value.detach(), logits.grad!.detach().clone(), time);
}

Tensor BuiltIn(Tensor y) => ctc_loss(y, torch.tensor(targets.SelectMany(target => target).ToArray(), [B, U]), torch.tensor(frames),
    torch.tensor(Enumerable.Repeat((long)U, B).ToArray()), reduction: torch.nn.Reduction.None);
Tensor Ours(Tensor y) => -Recursion.LogLikelihood(lattice, y, frames);

_ = (Measure(BuiltIn), Measure(Ours)); // the first call of each includes compilation
(Tensor Loss, Tensor Gradient, string Time) builtIn = Measure(BuiltIn), ours = Measure(Ours);

// The occupancy γ is the share of each token in each frame over all paths. CTC is a cross-entropy with γ as its target.
Tensor occupancy = Recursion.Occupancy(lattice, logits.detach().log_softmax(2), frames);
Tensor crossEntropy = Measure(y => -(occupancy * y).sum([0, 2])).Gradient;

// 5. The alignment: the loss falls along its gradient, and the best path becomes visible. Letters are shares, # is the best path.
const string Alphabet = "␣act";
var cat = new Batch([[2, 1, 3]], [24], Alphabet.Length);
using var objective = new Objective(new ObjectiveParts());
Tensor picture = torch.randn([24, 1, Alphabet.Length], generator: random).requires_grad_();
double before = objective.Evaluate(picture, cat).Loss.ToDouble();
for (int step = 0; step < 10; step++)
{
    picture.grad = null;
    objective.Evaluate(picture, cat).Loss.backward();
    using (torch.no_grad()) picture.sub_(picture.grad!);
}

BatchEvaluation aligned = objective.Inspect(picture.detach(), cat);
long[] path = aligned.ViterbiPath[.., 0].data<long>().ToArray();
float[] shares = aligned.Occupancy[.., 0].contiguous().data<float>().ToArray();
double after = aligned.Loss.ToDouble();
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"alignment of \"cat\" with 24 frames; loss {before:f2}, after 10 steps {after:f2}"));
for (int v = 0; v < Alphabet.Length; v++)
{
    IEnumerable<char> row = path.Select((token, t) => token == v ? '#' : " .:-=+*%@"[(int)(shares[(t * Alphabet.Length) + v] * 8)]);
    Console.WriteLine($"  {Alphabet[v]} |{string.Concat(row)}|");
}

Console.WriteLine($"shape {T}×{B}×{V} (frames × utterances × tokens), targets of {U} tokens");
Console.WriteLine($"built-in: {builtIn.Time}");
Console.WriteLine($"ours:     {ours.Time}");
bool loss = Matches("loss", ours.Loss / builtIn.Loss, torch.ones_like(builtIn.Loss));
bool gradient = Matches("gradient", ours.Gradient, builtIn.Gradient);
bool entropy = Matches("gradient of the cross-entropy with the occupancy", crossEntropy, builtIn.Gradient);
return loss && gradient && entropy ? 0 : 1;

bool Matches(string what, Tensor found, Tensor expected)
{
    double difference = (found - expected).abs().max().ToDouble();
    bool close = difference <= tolerance;
    Console.WriteLine(close ? $"{what} matches" : string.Create(CultureInfo.InvariantCulture, $"{what} differs by {difference:g3}"));
    return close;
}
