using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Training;

/// <summary>Where an experiment can compute.</summary>
public static class Devices
{
    /// <summary>Says what auto means here: other devices give other last bits, so a run's identity needs to know.</summary>
    /// <param name="experiment">Whose device may be auto.</param>
    /// <returns>The same, with cpu or cuda.</returns>
    public static Experiment Resolve(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Device != DeviceChoice.Auto) return experiment;
        return experiment with { Device = Choose(DeviceChoice.Auto).type == DeviceType.CUDA ? DeviceChoice.Cuda : DeviceChoice.Cpu };
    }

    /// <summary>Finds the device that an experiment asks for.</summary>
    /// <param name="choice">auto takes a GPU where libtorch finds one.</param>
    /// <returns>The CPU or the first GPU.</returns>
    /// <exception cref="TrainingException">cuda was asked for and there is none; the message says what would mend it.</exception>
    public static torch.Device Choose(DeviceChoice choice)
    {
        if (choice == DeviceChoice.Cpu) return torch.CPU;
        if (torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available()) return torch.CUDA;
        return choice == DeviceChoice.Auto
            ? torch.CPU
            : throw new TrainingException(
                "The experiment asks for cuda, and libtorch finds no GPU; set device: cpu, or build with -p:TorchBackend=cuda-linux on a machine " +
                "with an NVIDIA driver.");
    }
}
