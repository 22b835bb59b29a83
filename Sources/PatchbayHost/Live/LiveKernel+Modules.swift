import Glibc
import PatchbayCore

extension LiveKernel {
    /// How long `modprobe` may take: modules that probe slow hardware need many seconds.
    private static let moduleDeadline: Duration = .seconds(60)

    package func loadModule(_ name: String) async throws(Problem) {
        guard KernelName.isModule(name) else {
            throw Problem(.malformedInput, "\"\(name)\" is not the name of a kernel module.")
        }
        guard !isLoaded(name) else { return }
        guard tree.isLive, let modprobe = SysfsPath.modprobe.first(where: { tree.exists(String($0.dropFirst())) })
        else {
            throw Problem(
                .kernelRefused, "The kernel module \"\(name)\" cannot be loaded: there is no modprobe.",
                next: ["Install kmod, or load the module by other means."])
        }
        guard let cause = await Self.failure(Program(modprobe), ["--", name]) else { return }
        throw Problem(
            .kernelRefused, "The kernel module \"\(name)\" cannot be loaded.",
            next: [
                "See the kernel's log: dmesg | tail", "See whether this kernel has the module: modinfo \(name)",
            ],
            cause: cause)
    }

    /// A built-in module has a directory in `sys/module` only when it has parameters; a PCI driver always has its own.
    private func isLoaded(_ name: String) -> Bool {
        let module = String(name.map { $0 == "-" ? "_" : $0 })
        return tree.exists("\(SysfsPath.modules)/\(module)") || tree.exists(SysfsPath.pciDriver(name))
    }

    /// nil: all went well.
    private static func failure(_ program: Program, _ arguments: [String]) async -> String? {
        do throws(Program.Failure) {
            let ending = try await program.run(arguments, within: moduleDeadline)
            guard ending.status != 0 else { return nil }
            let errors = String(ending.errors.trimmingBlanks)
            return errors.isEmpty ? "modprobe ended with status \(ending.status)" : errors
        } catch {
            switch error {
            case .notStarted(let why): return why
            case .late: return ErrorNumber.name(ETIMEDOUT)
            case .saysTooMuch, .cancelled: return "modprobe was ended"
            }
        }
    }
}
