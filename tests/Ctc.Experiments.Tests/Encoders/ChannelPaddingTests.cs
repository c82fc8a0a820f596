using Ctc.Experiments.Encoders;
using TorchSharp.Modules;

namespace Ctc.Experiments.Tests.Encoders;

public class ChannelPaddingTests
{
    [TestCase(1, 16), TestCase(16, 32), TestCase(8, 12)]
    [Category("Slow")]
    public void A_convolution_is_finite_even_if_freed_memory_holds_NaN(int channels, int filters)
    {
        for (int attempt = 0; attempt < 10; attempt++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            for (int i = 0; i < 20; i++) torch.full([16, 48, 20 + attempt], i % 2 == 0 ? float.NaN : float.NegativeInfinity).Dispose();
            using Conv2d convolution = torch.nn.Conv2d(channels, filters, 3, padding: 1);
            Tensor input = torch.randn([16, channels, 9, 20 + attempt]).requires_grad_();
            Tensor output = ChannelPadding.Call(convolution, input);
            output.square().sum().backward();
            Assert.That(output.isfinite().all().item<bool>() && input.grad!.isfinite().all().item<bool>(), Is.True, $"attempt {attempt}");
            Assert.That(convolution.weight!.grad!.isfinite().all().item<bool>(), Is.True, $"the gradient of the weights, attempt {attempt}");
        }
    }

    [TestCase(1, 4, 3), TestCase(10, 20, 5), TestCase(16, 32, 3)]
    public void Output_and_gradients_are_those_in_double_precision(int channels, int filters, int kernel)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Conv2d single = torch.nn.Conv2d(channels, filters, kernel, padding: kernel / 2);
        using Conv2d exact = torch.nn.Conv2d(channels, filters, kernel, padding: kernel / 2, dtype: torch.float64);
        exact.load_state_dict(single.state_dict());
        Tensor input = torch.randn([16, channels, 6, 23]).requires_grad_(), precise = input.detach().to(torch.float64).requires_grad_();
        Tensor found = ChannelPadding.Call(single, input), expected = exact.call(precise); // oneDNN has no double precision
        DoublePrecision.AssertSame(single, input, found, exact, precise, expected);
    }
}
