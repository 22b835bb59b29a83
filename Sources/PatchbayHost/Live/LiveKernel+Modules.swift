import CPatchbayHost
import PatchbayCore

extension LiveKernel {
    /// How long `modprobe` may take: modules that probe slow hardware need many seconds.
    private static let moduleDeadlineMilliseconds: Int32 = 60_000

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
        let (status, errors) = await Self.run(modprobe, ["modprobe", "--", name])
        guard status == 0 else {
            throw Problem(
                .kernelRefused, "The kernel module \"\(name)\" cannot be loaded.",
                next: [
                    "See the kernel's log: dmesg | tail", "See whether this kernel has the module: modinfo \(name)",
                ],
                cause: errors.isEmpty ? Self.words(status) : errors)
        }
    }

    /// A built-in module has a directory in `sys/module` only when it has parameters; a PCI driver always has its own.
    private func isLoaded(_ name: String) -> Bool {
        let module = String(name.map { $0 == "-" ? "_" : $0 })
        return tree.exists("\(SysfsPath.modules)/\(module)") || tree.exists(SysfsPath.pciDriver(name))
    }

    private static func words(_ status: Int32) -> String {
        status < 0 ? ErrorNumber.name(-status) : "modprobe ended with status \(status)"
    }

    /// Exit status, or a negative errno value, and the end of what was written to standard error.
    private static func run(_ program: String, _ arguments: [String]) async -> (status: Int32, errors: String) {
        await withCheckedContinuation { continuation in
            do throws(Problem) {
                try BlockingThread.start {
                    var errors = [CChar](repeating: 0, count: 4096)
                    let status = CStrings.withPointers(arguments) { pointers in
                        pb_run(program, pointers, moduleDeadlineMilliseconds, &errors, errors.count)
                    }
                    let text = String(decoding: errors.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                    continuation.resume(returning: (status, String(text.trimmingBlanks)))
                }
            } catch {
                continuation.resume(returning: (-11, error.detail))
            }
        }
    }
}
