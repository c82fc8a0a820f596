using System.Composition.Hosting;
using System.Reflection;

namespace Ctc.Hosting;

/// <summary>Finds the error inside the wrappers of reflection and composition.</summary>
internal static class RootCause
{
    /// <summary>Describes the innermost error that carries information.</summary>
    /// <param name="failure">The exception as caught.</param>
    /// <returns>Its type and its message in one line; for a missing assembly or native library, its name.</returns>
    public static string Describe(Exception failure)
    {
        Exception inner = failure switch
        {
            ReflectionTypeLoadException { LoaderExceptions: [{ } first, ..] } => first,
            TargetInvocationException or TypeInitializationException or CompositionFailedException or AggregateException =>
                failure.InnerException ?? failure,
            FileLoadException { InnerException: PluginException refused } => refused, // by the plugin's load context
            _ => failure,
        };
        if (!ReferenceEquals(inner, failure)) return Describe(inner);

        string message = failure.Message.ReplaceLineEndings(" ").Trim();
        return failure switch
        {
            PluginException => message,
            FileNotFoundException { FileName: { } file } when IsAssembly(file) => Missing(new AssemblyName(file)),
            FileLoadException { FileName: { } file } when IsAssembly(file) && AssemblyReferences.Missing(new AssemblyName(file)) is { } missing =>
                missing,
            DllNotFoundException when message.Split('\'') is [_, var library, ..] =>
                $"it needs the native library {library}, which could not be loaded",
            _ => $"{failure.GetType().Name}: {message}",
        };
    }

    private static bool IsAssembly(string file) => file.Contains(", Version=", StringComparison.Ordinal);

    private static string Missing(AssemblyName assembly) => AssemblyReferences.Missing(assembly) ??
        $"it needs version {assembly.Version} of the assembly {assembly.Name}, which was not found";
}
