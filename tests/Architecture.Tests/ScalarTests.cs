using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Architecture.Tests;

/// <summary>
/// A number that a native operation reads is held by a field, or by a local that is disposed after it: TorchSharp does not keep a Scalar alive during
/// the call, so one that is converted in the call can be freed while libtorch reads it.
/// </summary>
public class ScalarTests
{
    private static readonly string[] Assemblies =
    [
        .. new[] { "Ctc.Abstractions", "Ctc.Engine", "Ctc.Experiments" }.Select(name => name + ".dll"),
        .. Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "plugins"))
            .Select(folder => Path.GetFileName(folder)).Order().Select(name => Path.Combine("plugins", name, name + ".dll")),
    ];

    // It converts the numbers among its arguments, and is called with tensors alone.
    private const string Script = "TorchSharp.torch/jit/ScriptModule";

    private static readonly Lazy<HashSet<string>> Converting = new(FindConverting);

    [TestCaseSource(nameof(Assemblies))]
    public void A_number_becomes_a_scalar_only_where_it_is_held(string assembly)
    {
        using ModuleDefinition module = Read(assembly);
        IEnumerable<string> free = from method in Methods(module)
            from instruction in method.Body.Instructions
            where Converts(instruction) && !IsHeld(method, instruction.Next)
            select $"{method.FullName} converts a number to a Scalar that nothing holds; expected a static field, or a local with using";
        Assert.That(free, Is.Empty);
    }

    [TestCaseSource(nameof(Assemblies))]
    public void No_operation_converts_a_number_within(string assembly)
    {
        using ModuleDefinition module = Read(assembly);
        IEnumerable<string> calls = from method in Methods(module)
            from instruction in method.Body.Instructions
            where instruction.Operand is MethodReference called && called.DeclaringType.FullName != Script
                && Converting.Value.Contains(called.FullName)
            select $"{method.FullName} calls {instruction.Operand}; expected an operation with a held Scalar, such as add(right, One)";
        Assert.That(calls, Is.Empty);
    }

    [Test]
    public void The_operators_of_TorchSharp_convert_within()
    {
        Assert.That(Assemblies, Has.Length.GreaterThan(15));
        Assert.That(Converting.Value, Has.Some.Contains("op_Addition(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"));
        Assert.That(Converting.Value, Has.None.Contains("op_Multiply(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)"));
    }

    // The methods of TorchSharp that convert a number and do not hold it, and those that call them.
    private static HashSet<string> FindConverting()
    {
        using ModuleDefinition module = Read("TorchSharp.dll");
        MethodDefinition[] methods = [.. Methods(module).Where(method => method.DeclaringType.Name is not ("Scalar" or "ScalarExtensionMethods"))];
        var found = methods.Where(method => method.Body.Instructions.Any(step => Converts(step) && !IsHeld(method, step.Next)))
            .Select(method => method.FullName).ToHashSet();
        int before;
        do
        {
            before = found.Count;
            found.UnionWith(methods
                .Where(method => method.Body.Instructions.Any(step => step.Operand is MethodReference called && found.Contains(called.FullName)))
                .Select(method => method.FullName));
        }
        while (found.Count > before);

        return found;
    }

    private static bool Converts(Instruction instruction) =>
        instruction.Operand is MethodReference { ReturnType.FullName: "TorchSharp.Scalar" } called
        && called.DeclaringType.FullName is "TorchSharp.Scalar" or "TorchSharp.ScalarExtensionMethods";

    private static bool IsHeld(MethodDefinition method, Instruction next) => next.OpCode.Code switch
    {
        Code.Stsfld or Code.Stfld => true,
        _ => Local(method, next, stores: true) is { } local && method.Body.Instructions.Any(step =>
            step.Operand is MethodReference { Name: "Dispose" } && Local(method, step.Previous, stores: false) == local),
    };

    private static VariableDefinition? Local(MethodDefinition method, Instruction step, bool stores) => (step.OpCode.Code, stores) switch
    {
        (Code.Stloc_0, true) or (Code.Ldloc_0, false) => method.Body.Variables[0],
        (Code.Stloc_1, true) or (Code.Ldloc_1, false) => method.Body.Variables[1],
        (Code.Stloc_2, true) or (Code.Ldloc_2, false) => method.Body.Variables[2],
        (Code.Stloc_3, true) or (Code.Ldloc_3, false) => method.Body.Variables[3],
        (Code.Stloc or Code.Stloc_S, true) or (Code.Ldloc or Code.Ldloc_S, false) => (VariableDefinition)step.Operand,
        _ => null,
    };

    private static IEnumerable<MethodDefinition> Methods(ModuleDefinition module) =>
        module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static ModuleDefinition Read(string assembly) => ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, assembly));
}
