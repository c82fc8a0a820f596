using Ctc.Configuration.Schema;

namespace Ctc.Experiments.Training;

/// <summary>The devices for an experiment.</summary>
public static class Devices
{
    /// <summary>Resolves auto to a device: other devices give other last bits, so the device is part of a run's identity.</summary>
    /// <param name="experiment">An experiment whose device may be auto.</param>
    /// <returns>The same, with cpu or cuda.</returns>
    public static Experiment Resolve(Experiment experiment)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        if (experiment.Device != DeviceChoice.Auto) return experiment;
        return experiment with { Device = Choose(DeviceChoice.Auto).type == DeviceType.CUDA ? DeviceChoice.Cuda : DeviceChoice.Cpu };
    }

    /// <summary>Finds the device of an experiment.</summary>
    /// <param name="choice">auto takes a GPU where libtorch finds one.</param>
    /// <returns>The CPU or the first GPU.</returns>
    /// <exception cref="TrainingException">cuda was chosen and there is no GPU; the message states the fix.</exception>
    public static torch.Device Choose(DeviceChoice choice)
    {
        if (choice == DeviceChoice.Cpu) return torch.CPU;
        if (torch.TryInitializeDeviceType(DeviceType.CUDA) && torch.cuda.is_available()) return torch.CUDA;
        return choice == DeviceChoice.Auto
            ? torch.CPU
            : throw new TrainingException(
                "The experiment requires cuda, and libtorch finds no GPU; set device: cpu, or build with -p:TorchBackend=cuda-linux on a machine " +
                "with an NVIDIA driver.");
    }
}
