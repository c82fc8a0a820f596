using Ctc;

namespace Injecting;

/// <summary>Its texts hold escape sequences, a reversal of the reading direction and a forged line.</summary>
[Part(
    "injecting",
    Summary = "\u001b[31mred\u001b[0m \u001b]0;TITLE\u0007 <script>alert(1)</script> \u202Egnp.exe\nPROBLEM /opt/fake.dll: a forged line",
    Formula = "a\tb\r\nc",
    Paper = "\u001b]8;;http://evil\u0007click\u009b31m")]
internal sealed class Inject : ILossWeighting
{
    public Tensor Weigh(Evaluation evaluation) => torch.ones_like(evaluation.Loss);
}
