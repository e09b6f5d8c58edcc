// SPDX-License-Identifier: Apache-2.0
// For tests: thrift's protocols as a program of another version uses them.
#pragma once

#include <thrift/protocol/TProtocol.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace clew::wire {

// A field of every type; their ids are those after `before`, in another order.
inline void WriteUnknownFields(apache::thrift::protocol::TProtocol& protocol, int16_t before) {
  using Type = apache::thrift::protocol::TType;
  const auto field = [&](Type type, int id, auto write) {
    protocol.writeFieldBegin("", type, static_cast<int16_t>(before + id));
    write();
    protocol.writeFieldEnd();
  };
  field(Type::T_BOOL, 900, [&] { protocol.writeBool(true); });
  field(Type::T_BOOL, 901, [&] { protocol.writeBool(false); });
  field(Type::T_BYTE, 7, [&] { protocol.writeByte(-1); });
  field(Type::T_I16, 8, [&] { protocol.writeI16(-300); });
  field(Type::T_I32, -3 - 2 * before, [&] { protocol.writeI32(INT32_MIN); });
  field(Type::T_I64, 9, [&] { protocol.writeI64(INT64_MIN); });
  field(Type::T_DOUBLE, 10, [&] { protocol.writeDouble(0.5); });
  field(Type::T_STRING, 11, [&] { protocol.writeString(std::string(200, 'x')); });
  field(Type::T_LIST, 12, [&] {
    protocol.writeListBegin(Type::T_BOOL, 20);
    for (int i = 0; i < 20; ++i) protocol.writeBool(i % 2 == 0);
    protocol.writeListEnd();
  });
  field(Type::T_SET, 13, [&] {
    protocol.writeSetBegin(Type::T_DOUBLE, 1);
    protocol.writeDouble(2);
    protocol.writeSetEnd();
  });
  field(Type::T_MAP, 14, [&] {
    protocol.writeMapBegin(Type::T_STRING, Type::T_I64, 1);
    protocol.writeString("k");
    protocol.writeI64(1);
    protocol.writeMapEnd();
  });
  field(Type::T_MAP, 15, [&] {
    protocol.writeMapBegin(Type::T_STRING, Type::T_I64, 0);
    protocol.writeMapEnd();
  });
  field(Type::T_STRUCT, 16, [&] {
    protocol.writeStructBegin("");
    field(Type::T_BOOL, 30, [&] { protocol.writeBool(true); });
    field(Type::T_STRUCT, 31, [&] {
      protocol.writeStructBegin("");
      field(Type::T_BYTE, 2, [&] { protocol.writeByte(1); });
      protocol.writeFieldStop();
      protocol.writeStructEnd();
    });
    field(Type::T_I32, 33, [&] { protocol.writeI32(5); });
    protocol.writeFieldStop();
    protocol.writeStructEnd();
  });
}

// Writes each struct with fields of its own ids that have another type, and others, in front of its
// fields, and with others behind them.
template <typename Protocol>
class WithUnknownFields final : public Protocol {
 public:
  explicit WithUnknownFields(std::shared_ptr<apache::thrift::transport::TTransport> transport)
      : Protocol(std::move(transport)) {}

  uint32_t writeStructBegin_virt(const char* name) override {
    const uint32_t size = Protocol::writeStructBegin(name);
    Unless(std::exchange(inside_, true), [&] {
      for (int16_t id = 1; id < 13; ++id) {
        this->writeFieldBegin("", apache::thrift::protocol::T_BYTE, id);
        this->writeByte(1);
        this->writeFieldEnd();
      }
      WriteUnknownFields(*this, 100);
    });
    return size;
  }
  uint32_t writeFieldStop_virt() override {
    Unless(std::exchange(inside_, true), [&] { WriteUnknownFields(*this, 20); });
    return Protocol::writeFieldStop();
  }

 private:
  // What is written of unknown fields has none itself.
  template <typename Write>
  void Unless(bool was_inside, Write write) {
    if (was_inside) return;
    write();
    inside_ = false;
  }

  bool inside_ = false;
};

}  // namespace clew::wire
