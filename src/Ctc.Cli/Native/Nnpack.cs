using System.Runtime.InteropServices;

namespace Ctc.Cli.Native;

/// <summary>NNPACK, one of libtorch's implementations of convolutions on the CPU.</summary>
/// <remarks>
/// On a CPU that NNPACK does not support, libtorch tries to initialize it at every convolution, prints a warning and takes another implementation.
/// With NNPACK off it takes that implementation at once: the numbers are the same, and standard error stays empty.
/// </remarks>
internal static class Nnpack
{
    private const string Initialize = "nnp_initialize";
    private const string GlobalContext = "_ZN2at13globalContextEv"; // Context& at::globalContext()
    private const string SetEnabled = "_ZN2at7Context20setUserEnabledNNPACKEb"; // void at::Context::setUserEnabledNNPACK(bool)

    /// <summary>Switches NNPACK off if it cannot be initialized. Otherwise, and if libtorch does not export the functions, nothing changes.</summary>
    /// <param name="libtorch">The handle of libtorch, or of a library that depends on it.</param>
    public static unsafe void DisableIfUnsupported(nint libtorch)
    {
        if (!NativeLibrary.TryGetExport(libtorch, Initialize, out nint initialize)
            || !NativeLibrary.TryGetExport(libtorch, GlobalContext, out nint globalContext)
            || !NativeLibrary.TryGetExport(libtorch, SetEnabled, out nint setEnabled)) return;

        const int Success = 0;
        if (((delegate* unmanaged[Cdecl]<int>)initialize)() == Success) return;
        nint context = ((delegate* unmanaged[Cdecl]<nint>)globalContext)();
        ((delegate* unmanaged[Cdecl]<nint, byte, void>)setEnabled)(context, 0);
    }
}
