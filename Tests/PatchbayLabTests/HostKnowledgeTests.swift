import Foundation
import PatchbayAPI
import PatchbayCore
import PatchbayHost
import PatchbayLab
import PatchbayTesting
import Testing

extension `The emulated lab` {
    @Test(.requirements("H17"))
    func
        `a recording gives the same inventory as the host, byte for byte, and an anonymised one tells nobody who it is`()
        async throws
    {
        let session = try session
        let program = LabHost.program
        let script = """
            cd /share
            \(program) host record whole.tar.xz --no-anonymise >/dev/null
            \(program) host record other.tar.xz >/dev/null
            \(program) host inspect -o json >live.json
            cat /sys/class/net/e*/address >addresses
            """
        _ = try await session.host.shell(script, limit: .seconds(300))
        // Recordings are for other machines to read, and this one is quicker than the emulated one.
        let reading = """
            cd \(session.host.files.share)
            program=\(LabSession.binary)
            $program host inspect -o json --root whole.tar.xz >whole.json
            $program host inspect -o json --root other.tar.xz >other.json
            for name in live whole; do grep -v freeMiB $name.json >$name.settled; done
            cmp live.settled whole.settled && echo same
            tar -xJOf other.tar.xz >other.text
            for word in SPARE SHARED STICK TWIN $(cat addresses); do
                grep -aiq "$word" other.text && echo "leaks $word"
            done
            grep -c '"address"' live.json other.json
            """
        let said = try await Tool.run(["sh", "-c", reading], limit: .seconds(120)).text.split(separator: "\n")
        // But for free memory, which is another one at each reading.
        #expect(said.first == "same", "\(said)")
        #expect(!said.contains { $0.hasPrefix("leaks") })
        let counts = said.suffix(2).compactMap { $0.split(separator: ":").last }
        #expect(counts.count == 2 && counts[0] == counts[1])
    }

    @Test(.requirements("V20", "VX5"))
    func `shows USB devices with one serial as not unique, and why groups are as large as they are`() async throws {
        let session = try session
        let inventory = try await session.host.recorded("survey")
        let twins = inventory.usb.filter { $0.serial == "TWIN" }
        #expect(twins.count == 2 && twins.allSatisfy { !$0.isSerialUnique })
        #expect(Set(twins.map(\.address)).count == 2, "their ports tell them apart")
        #expect(inventory.usb.contains { $0.serial == "STICK" && $0.isSerialUnique })

        let port = try #require(inventory[session.address("s0p0")])
        #expect(port.details?.capabilities?.acs != nil, "a root port has access control")
        let disk = try #require(inventory[session.address("sparenvme")])
        #expect(disk.details?.capabilities?.express?.hasFLR == true)
        let card = try #require(inventory[session.address("card.display")]?.iommuGroup)
        let causes = try #require(inventory.isolation(of: card)).causes
        #expect(!causes.isEmpty)
        let old = try #require(inventory[session.address("old0")]?.iommuGroup)
        let bridge = try session.address("legacy").description
        #expect(try #require(inventory.isolation(of: old)).causes.contains { $0.contains(bridge) })
    }
}
