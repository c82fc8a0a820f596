using System.Reflection;
using System.Runtime.InteropServices;

namespace Ctc.Engine.Objectives;

/// <summary>Calls the parts of an objective. Errors of libtorch inside a part, and state that a part leaves changed, name it.</summary>
/// <param name="scope">The dispose scope in which the parts are called; null if that is the caller's.</param>
internal sealed class PartCalls(DisposeScope? scope)
{
    /// <summary>The name of a part: that of its attribute, or of its class.</summary>
    /// <param name="part">A part.</param>
    public static string Name(object part) => part.GetType().GetCustomAttribute<PartAttribute>()?.Name ?? part.GetType().Name;

    /// <summary>Calls a part.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="part">The part.</param>
    /// <param name="call">The call.</param>
    /// <returns>The result of the call.</returns>
    /// <exception cref="PartException">
    /// Libtorch, or the loading of a library, failed inside the part; or the part left the gradient mode changed or a dispose scope open.
    /// </exception>
    public T Make<T>(object part, Func<T> call)
    {
        bool recording = torch.is_grad_enabled();
        T result;
        try
        {
            result = call();
        }
        catch (NoFrameScoresException fault)
        {
            torch.set_grad_enabled(recording);
            throw new PartException(Name(part), fault.Message);
        }
        catch (Exception failure) when (failure is ExternalException or FileNotFoundException or FileLoadException or TypeLoadException)
        {
            torch.set_grad_enabled(recording);
            throw new PartException(Name(part), failure);
        }

        if (torch.is_grad_enabled() != recording)
        {
            torch.set_grad_enabled(recording);
            throw new PartException(Name(part), $"it turned the recording of gradients {(recording ? "off" : "on")}; expected it as it was");
        }

        if (IsScopeOpen()) throw new PartException(Name(part), "it left a dispose scope open; expected every scope that it opens closed");
        return result;
    }

    /// <inheritdoc cref="Make{T}"/>
    public void Make(object part, Action call) => Make(part, () =>
    {
        call();
        return true;
    });

    private bool IsScopeOpen()
    {
        if (scope is null) return false;
        using Tensor probe = torch.empty(0);
        return !scope.Contains(probe);
    }
}
