using System.Reflection;
using System.Runtime.CompilerServices;
using Ctc.Engine.Objectives;
using Ctc.Engine.Outputs;
using Ctc.Engine.Recursions;
using Ctc.Engine.Topologies;
using Ctc.Tests;

namespace Ctc.Engine.Tests.Outputs;

/// <summary>Each test begins and ends with an empty pool, so none runs beside another one.</summary>
[NonParallelizable]
public class OutputTensorsTests
{
    private static readonly long[] Shape = [512, 1024]; // 2 MiB in float32

    private static BlockPool Pool => OutputTensors.Pool;

    private int before;

    [SetUp]
    public void Empty()
    {
        OutputMemory.Release();
        before = Pool.Rented;
    }

    [TearDown]
    public void Release() => OutputMemory.Release();

    [Test]
    public void A_large_tensor_is_in_the_pool_and_is_like_any_other(
        [Values(torch.ScalarType.Float32, torch.ScalarType.Float64)] torch.ScalarType type)
    {
        using (torch.NewDisposeScope())
        {
            Tensor made = OutputTensors.Create(Shape, type), zeros = OutputTensors.CreateZeros(Shape, type);
            Assert.That(Pool.IsRented(OutputTensors.Start(made)));
            Assert.That((made.shape, made.dtype, made.device_type), Is.EqualTo((Shape, type, DeviceType.CPU)));
            Assert.That(made.is_contiguous() && !made.requires_grad && made.is_leaf);
            Assert.That(zeros.count_nonzero().item<long>(), Is.Zero);
            made.fill_(2);
            Assert.That((made * made).sum().ToDouble(), Is.EqualTo(4.0 * 512 * 1024));
            Assert.That(Pool.Rented, Is.EqualTo(before + 2));
        }

        Assert.That(Pool.Rented, Is.EqualTo(before), "the dispose scope returned the memory");
        Assert.That(OutputMemory.Kept, Is.Positive);
        OutputMemory.Release();
        Assert.That(OutputMemory.Kept, Is.Zero);
    }

    [Test]
    public void Small_and_empty_tensors_are_ordinary()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        foreach (long[] shape in new long[][] { [0, 5], [3, 4], [], [1 << 17] }) OutputTensors.Create(shape, torch.float32);
        Assert.That(Pool.Rented, Is.EqualTo(before));
        Assert.That(OutputTensors.CreateOrdinary(Shape, torch.float32, 2 << 20).shape, Is.EqualTo(Shape), "the way without the entry point");
        Assert.That(Pool.Rented, Is.EqualTo(before));
    }

    [Test]
    public void Memory_is_in_use_until_the_last_handle_is_disposed_once()
    {
        Tensor made = OutputTensors.Create(Shape, torch.float32), view = made.narrow(0, 5, 7), alias = made.alias();
        made.fill_(3);
        made.Dispose();
        made.Dispose();
        alias.Dispose();
        Assert.That(Pool.Rented, Is.EqualTo(before + 1));
        using (Tensor other = OutputTensors.Create(Shape, torch.float32)) other.fill_(4);
        Assert.That(view.data<float>().ToArray(), Has.All.EqualTo(3), "another tensor took other memory");
        view.Dispose();
        view.Dispose();
        Assert.That(Pool.Rented, Is.EqualTo(before));
    }

    [Test]
    public void Any_thread_may_drop_the_last_handle()
    {
        Tensor[] made = [.. Enumerable.Range(0, 20).Select(_ => OutputTensors.Create(Shape, torch.float32).DetachFromDisposeScope())];
        Assert.That(Pool.Rented, Is.EqualTo(before + 20));
        var threads = made.Chunk(5).Select(own => new Thread(() => Array.ForEach(own, tensor => tensor.Dispose()))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.That(Pool.Rented, Is.EqualTo(before));
    }

    [Test]
    public void A_handle_that_is_only_forgotten_is_returned_by_the_garbage_collector()
    {
        Forget();
        for (int i = 0; i < 100 && Pool.Rented > before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(Pool.Rented, Is.EqualTo(before));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget() => OutputTensors.Create(Shape, torch.float32).DetachFromDisposeScope();
    }

    // The gradient of a leaf is the very tensor that the recursion wrote: nothing between them copies or masks it.
    [Test]
    [NoTensorLeaks]
    public void The_gradient_of_plain_ctc_is_what_the_recursion_wrote([Values] InputKind kind, [Values] bool hasPadding)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor leaf, Batch batch) = Draw(hasPadding);
        using var plain = new Objective(new ObjectiveParts(), Reduction.Sum, InfeasiblePolicy.Zero);
        plain.Evaluate(leaf, batch, kind).Loss.backward();
        Assert.That(Pool.IsRented(OutputTensors.Start(leaf.grad!)));
    }

    [Test]
    [NoTensorLeaks]
    public void Reused_memory_gives_the_same_numbers_and_leaves_older_gradients_alone([Values] bool fromLogits)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (Tensor leaf, Batch batch) = Draw(hasPadding: true);
        Tensor Gradient(double scale)
        {
            using DisposeScope step = torch.NewDisposeScope();
            leaf.grad = null;
            Lattice lattice = new CtcTopology().Build(batch).Numerator;
            Tensor total = fromLogits
                ? Recursion.LogLikelihoodFromLogits(lattice, leaf, batch.Frames)
                : Recursion.LogLikelihood(lattice, leaf, batch.Frames);
            (total.sum() * torch.tensor(scale, torch.float32)).backward();
            return leaf.grad!.MoveToOuterDisposeScope();
        }

        Tensor first = Gradient(1), copy = first.clone();
        for (int step = 0; step < 5; step++) Gradient(2 + step).Dispose();
        Assert.That(first.equal(copy).all().item<bool>(), "an older gradient that is alive");
        Assert.That(Gradient(1).equal(copy).all().item<bool>(), "a gradient in reused memory, which held other numbers");
        Assert.That(Pool.Rented - before, Is.LessThanOrEqualTo(6), "as many blocks as tensors are alive");
    }

    // A newer TorchSharp with other parameters would corrupt memory.
    [Test]
    public void The_native_entry_point_has_the_parameters_that_are_passed()
    {
        MethodInfo entry = typeof(torch).Assembly.GetType("TorchSharp.PInvoke.NativeMethods")!
            .GetMethod("THSTensor_new", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        Type[] found = [.. entry.GetParameters().Select(parameter => parameter.ParameterType)];
        Assert.That(found.Where((_, place) => place != 1), Is.EqualTo(new[]
        {
            typeof(nint), typeof(nint), typeof(int), typeof(sbyte), typeof(sbyte), typeof(int), typeof(int), typeof(bool),
        }));
        Assert.That(found[1].IsSubclassOf(typeof(Delegate)));
        Assert.That(entry.ReturnType, Is.EqualTo(typeof(nint)));
    }

    private static (Tensor Leaf, Batch Batch) Draw(bool hasPadding)
    {
        const int Frames = 64, Utterances = 16, Tokens = 600; // 2.3 MiB
        using var generator = new torch.Generator(1);
        Tensor logProbs = torch.randn([Frames, Utterances, Tokens], torch.float32, generator: generator).log_softmax(2);
        long[] frames = [.. Enumerable.Range(0, Utterances).Select(b => hasPadding ? Frames - (long)b : Frames)];
        if (hasPadding) logProbs[Frames - 1, Utterances - 1] = torch.tensor(float.NaN);
        long[][] targets = [.. Enumerable.Range(0, Utterances).Select(b => new long[] { 1 + b, 2, 2, 590 })];
        return (logProbs.requires_grad_(), new Batch(targets, frames, Tokens));
    }
}
