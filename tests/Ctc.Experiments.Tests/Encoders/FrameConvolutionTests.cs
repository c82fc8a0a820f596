using Ctc.Experiments.Encoders;
using TorchSharp.Modules;

namespace Ctc.Experiments.Tests.Encoders;

public class FrameConvolutionTests
{
    [Test]
    public void An_output_is_the_sum_over_what_its_window_sees()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using Conv1d convolution = torch.nn.Conv1d(1, 1, 3, stride: 2, padding: 2, dilation: 2);
        using (torch.no_grad())
        {
            convolution.weight!.copy_(torch.tensor(new float[] { 1, 10, 100 }).view(1, 1, 3));
            convolution.bias!.fill_(0.5f);
        }

        Tensor output = FrameConvolution.Call(convolution, torch.tensor(new float[] { 1, 2, 3, 4, 5 }).view(5, 1, 1));

        // Frames 0, 2 and 4, and two before and behind: 0 + 10·1 + 100·3, 1 + 10·3 + 100·5, 3 + 10·5 + 0, and the bias.
        Assert.That(output.data<float>().ToArray(), Is.EqualTo(new[] { 310.5f, 531.5f, 53.5f }));
    }

    [TestCase(10, 64, 3, 1, 1), TestCase(10, 64, 5, 2, 1), TestCase(18, 48, 5, 1, 3), TestCase(3, 4, 1, 1, 1), TestCase(20, 64, 7, 3, 1)]
    [TestCase(16, 32, 4, 2, 1), TestCase(16, 32, 3, 2, 4)]
    public void Output_and_gradients_are_those_of_the_convolution_in_double_precision(int features, int filters, int kernel, int stride, int dilation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int padding = dilation * kernel / 2;
        using Conv1d single = torch.nn.Conv1d(features, filters, kernel, stride, padding, dilation);
        using Conv1d exact = torch.nn.Conv1d(features, filters, kernel, stride, padding, dilation, dtype: torch.float64);
        exact.load_state_dict(single.state_dict());
        Tensor input = torch.randn([57, 16, features]).requires_grad_(), precise = input.detach().to(torch.float64).requires_grad_();
        Tensor found = FrameConvolution.Call(single, input), expected = exact.call(precise.permute(1, 2, 0)).permute(2, 0, 1);
        DoublePrecision.AssertSame(single, input, found, exact, precise, expected);
    }
}
