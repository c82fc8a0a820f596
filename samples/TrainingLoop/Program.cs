using Ctc.Engine.Decoding;
using Ctc.Engine.Objectives;
using TorchSharp;
using static TorchSharp.torch;

// Two utterances of random features, which the model memorises.
manual_seed(1);
using Tensor features = randn(12, 2, 8); // [T, B, F]
using Tensor targets = tensor(new long[,] { { 1, 2, 2 }, { 3, 4, 4 } }); // [B, U]; token 0 is the blank
using Tensor frames = tensor(new long[] { 12, 10 }), tokens = tensor(new long[] { 3, 3 }); // [B]

using var model = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 5));
using optim.Optimizer optimizer = optim.Adam(model.parameters(), lr: 0.02);
using var ctc = new CtcLoss();
for (int step = 0; step <= 100; step++)
{
    using DisposeScope scope = NewDisposeScope();
    Tensor loss = ctc.forward(model.forward(features).log_softmax(2), targets, frames, tokens);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    if (step % 25 == 0) Console.WriteLine($"step {step}: loss {loss.ToDouble():F3}");
}

using Tensor scores = model.forward(features);
foreach (long[] read in BestPath.Decode(scores, [12, 10], blank: 0)) Console.WriteLine($"read {string.Join(' ', read)}");
