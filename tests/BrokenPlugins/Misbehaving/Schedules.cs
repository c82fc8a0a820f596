using Ctc;

namespace Misbehaving;

/// <summary>Does not tell that its values depend on the number of epochs.</summary>
[Part("rushing", Summary = "Rises to 1 at the end of training, and claims not to depend on its length.")]
internal sealed class Rushing : ISchedule
{
    public double At(Progress progress) => progress.Course is { } course ? progress.Epoch / course.Epochs : 1;
}
